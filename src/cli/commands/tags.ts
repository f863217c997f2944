import { DEVICES, FILM_TAGS, FINDINGS, filmId, isDeviceTag, tagCode, toggleTag } from '../../contract'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { fields } from '../output'
import { listOption } from './queue'

const written = (tags: readonly string[]) => tags.join('; ') || '–'

function tagList(value: string | boolean | undefined, name: string): string[] {
  const tags = value === undefined ? [] : listOption(value)
  const unknown = tags.find(tag => !FILM_TAGS.includes(tag))
  if (unknown !== undefined) {
    throw new UsageError(`--${name}: '${unknown}' is no finding or device; see 'labels tag --help'.`)
  }
  return tags
}

export const labelsTagCommand: Command = {
  name: 'labels tag',
  summary: 'Show or change the findings, lines and tubes of a film.',
  operands: 'PROJECT FILM',
  arity: [2, 2],
  options: {
    add: { type: 'string', help: 'LIST of tags, such as pneumothorax:left,ett:too-low' },
    remove: { type: 'string', help: 'LIST of tags or of their first words' }
  },
  notes: [
    'FILM is an id as in labels export. A tag takes the place of another of the same finding or device.',
    `Findings: ${FINDINGS.map(each => ('sided' in each ? `${each.code}[:left|:right|:both]` : each.code)).join(', ')}.`,
    `Devices: ${DEVICES.map(({ code, positions }) => `${code}:${positions.join('|')}`).join(', ')}.`
  ].join('\n'),
  async run({ positionals, options, output, openProject }) {
    const add = tagList(options.add, 'add')
    const remove = options.remove === undefined ? [] : listOption(options.remove)
    const id = filmId.safeParse(positionals[1])
    if (!id.success) throw new UsageError(`'${positionals[1]}' is no film id; labels export lists them.`)
    const client = await openProject()
    let film = await client.films.get({ id: id.data })
    const { revision, row } = film
    const kept = row.tags.filter(tag => !remove.includes(tag) && !remove.includes(tagCode(tag)))
    const tags = add.reduce<string[]>((all, tag) => (all.includes(tag) ? all : toggleTag(all, tag)), kept)
    if (options.add !== undefined || options.remove !== undefined) {
      film = await client.labelling.setTags({ filmId: row.id, tags, revision })
    }
    const { tags: now, taggedBy } = film.row
    output.result({ filmId: row.id, tags: now, taggedBy }, () =>
      fields([
        ['Findings', written(now.filter(tag => !isDeviceTag(tag)))],
        ['Lines and tubes', written(now.filter(isDeviceTag))],
        ['By', taggedBy ?? '–']
      ])
    )
    return EXIT.done
  }
}
