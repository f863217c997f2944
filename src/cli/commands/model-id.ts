import { UsageError, type TerminalClient } from '../command'

/** A version by its name or the beginning of its id; null stays null. @throws UsageError */
export async function modelIdOf(client: TerminalClient, wanted: string | null): Promise<string | null> {
  if (wanted === null) return null
  const models = await client.models.list()
  const named = models.filter(({ id, name }) => id === wanted || name === wanted)
  const found = named.length > 0 ? named : models.filter(({ id }) => id.startsWith(wanted))
  if (found.length === 1) return found[0]!.id
  throw new UsageError(
    found.length === 0
      ? `This project has no version ${wanted}.`
      : `Several versions are named ${wanted} or begin with it; give more of the id.`
  )
}
