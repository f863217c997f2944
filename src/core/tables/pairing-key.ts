/**
 * Public data sets often keep images and label files in parallel trees that differ in one folder and in a prefix:
 * `1.데이터/Training/01.원천데이터/TS_RDS/0001.dcm` and `1.데이터/Training/02.라벨링데이터/TL_RDS/0001.json`.
 */
const TREE_FOLDERS = new Set([
  '원천데이터',
  '라벨링데이터',
  '라벨데이터',
  '이미지',
  '라벨',
  'image',
  'images',
  'img',
  'imgs',
  'source',
  'sources',
  'dicom',
  'dicoms',
  'label',
  'labels',
  'annotation',
  'annotations',
  'json',
  'jsons'
])

/** T(raining), V(alidation) and test, S(ource) or L(abel). */
const PREFIX = /^(?:T|V|TE|TEST)[SL]_/i

function withoutOrder(folder: string): string {
  return folder.replace(/^\d{1,2}[._\-\s]+/, '')
}

/**
 * What an image and its label file have in common: the path, NFC and case-folded, without extension, without the folders
 * that tell the trees apart ('01.원천데이터', 'labels') and without the prefixes TS_, TL_, VS_, VL_.
 * @param path '/' between folders
 */
export function pairingKey(path: string): string {
  const folders = path
    .normalize('NFC')
    .split('/')
    .filter(part => part !== '')
  const file = folders.pop() ?? ''
  const stem = file.replace(/\.[^.]+$/, '')
  return [...folders, stem]
    .filter(
      (part, index, all) => index === all.length - 1 || !TREE_FOLDERS.has(withoutOrder(part).toLowerCase())
    )
    .map(part => part.replace(PREFIX, ''))
    .join('/')
    .toLowerCase()
}
