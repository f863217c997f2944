/** Names the files of a language: studies.json holds what `$t('studies.total')` is looked for in. common.json has no name. */
export function namespaces(files: Record<string, unknown>): Record<string, Record<string, unknown>> {
  const named = Object.entries(files).map(([path, strings]) => [/(\w[\w-]*)\.json$/.exec(path)![1]!, strings])
  return Object.fromEntries(named.filter(([name]) => name !== 'common'))
}
