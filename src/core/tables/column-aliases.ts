import type { TableField } from './mapping'

/**
 * Names by which columns are known: English and Korean habit, and the column names of the Korean Neonatal Network (gaw,
 * gawd, gad, bwei). Compared without case, spaces, '_', '-', '.' and brackets; the last part of a dotted name counts too.
 */
export const COLUMN_ALIASES: Record<TableField, readonly string[]> = {
  imageKey: [
    'image',
    'image id',
    'image name',
    'image file',
    'image path',
    'img',
    'filename',
    'file name',
    'file',
    'file path',
    'filepath',
    'path',
    'dicom',
    'dicom file',
    'dcm',
    'sop instance uid',
    'sopuid',
    'instance uid',
    'film',
    'film id',
    '파일',
    '파일명',
    '파일이름',
    '파일경로',
    '이미지',
    '이미지명',
    '이미지파일',
    '영상',
    '영상파일',
    '영상파일명'
  ],
  patientKey: [
    'patient',
    'patient id',
    'patient key',
    'patient no',
    'patient number',
    'pid',
    'pt id',
    'subject',
    'subject id',
    'infant',
    'infant id',
    'baby',
    'baby id',
    'case',
    'case id',
    'study no',
    'research id',
    'mrn',
    'chart no',
    'id',
    '환자',
    '환자번호',
    '환자 id',
    '등록번호',
    '병록번호',
    '연구번호',
    '식별번호',
    '대상자번호'
  ],
  site: [
    'site',
    'hospital',
    'hospital name',
    'institution',
    'institution name',
    'center',
    'centre',
    'facility',
    '기관',
    '기관명',
    '병원',
    '병원명',
    '의료기관'
  ],
  ga: [
    'ga',
    'gestational age',
    'gestation',
    'ga weeks',
    'ga week',
    'ga days',
    'ga at birth',
    'gad',
    'gestational weeks',
    'gestational days',
    'gestational age weeks',
    'gestational age days',
    'ga total days',
    '재태주수',
    '재태기간',
    '재태연령',
    '임신주수',
    '제태주수',
    '재태일수'
  ],
  gaWeeks: ['gaw', 'ga weeks whole', 'gest weeks', '재태주', '재태주수 주'],
  gaExtraDays: ['gawd', 'ga extra days', 'gest days', '재태일', '재태주수 일'],
  bw: [
    'bw',
    'birth weight',
    'birthweight',
    'bwei',
    'bwt',
    'bw g',
    'bw gram',
    'bw grams',
    'bw kg',
    'birth weight g',
    'birth weight kg',
    'birth wt',
    'weight at birth',
    '출생체중',
    '출생시체중',
    '출생 몸무게',
    '출생시 체중',
    '생하체중'
  ],
  sex: ['sex', 'gender', 'patient sex', '성별'],
  birthTime: [
    'birth time',
    'birth date',
    'birthdate',
    'birth datetime',
    'date of birth',
    'time of birth',
    'dob',
    'born',
    'born at',
    'birth',
    '출생일',
    '출생일시',
    '출생시각',
    '생년월일',
    '출생시간'
  ],
  filmTime: [
    'film time',
    'film date',
    'film datetime',
    'study date',
    'study time',
    'study datetime',
    'exam date',
    'exam time',
    'exam datetime',
    'acquisition time',
    'acquisition date',
    'acquisition datetime',
    'acquired at',
    'taken at',
    'image date',
    'image time',
    'xray date',
    'cxr date',
    '촬영일',
    '촬영일시',
    '촬영일자',
    '촬영시각',
    '검사일',
    '검사일시',
    '검사일자'
  ],
  label: [
    'label',
    'labels',
    'class',
    'class name',
    'diagnosis',
    'diagnosis name',
    'dx',
    'disease',
    'disease name',
    'finding',
    'category',
    'target',
    'icd',
    'icd10',
    '진단',
    '진단명',
    '병명',
    '질환',
    '질환명',
    '라벨',
    '클래스',
    '판독',
    '분류',
    '상병'
  ],
  viewPosition: ['view', 'view position', 'projection', 'view position code', '촬영방향', '촬영자세']
}

/** The form in which column names are compared. */
export function foldColumn(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_\-.()[\]:/]+/g, '')
}

const FOLDED = Object.fromEntries(
  Object.entries(COLUMN_ALIASES).map(([field, names]) => [field, new Set(names.map(foldColumn))])
) as Record<TableField, Set<string>>

/** 2 for a column known by its whole name, 1 by the last part of a dotted name or before a bracketed unit, else 0. */
export function aliasScore(field: TableField, column: string): 0 | 1 | 2 {
  if (FOLDED[field].has(foldColumn(column))) return 2
  const parts = [column.slice(column.lastIndexOf('.') + 1), column.replace(/\s*[([].*$/, '')]
  return parts.some(part => part !== column && FOLDED[field].has(foldColumn(part))) ? 1 : 0
}
