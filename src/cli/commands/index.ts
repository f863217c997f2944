import type { Command } from '../command'
import { serveCommand, type ServeLocalhost } from './serve'

/** Every command, in the order of --help. */
export function commands(serveLocalhost: ServeLocalhost): Command[] {
  return [serveCommand(serveLocalhost)]
}
