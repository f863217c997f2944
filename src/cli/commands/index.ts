import type { Command } from '../command'
import { demoMakeCommand } from './demo'
import { doctorCommand } from './doctor'
import { inspectCommand, pixelsCommand } from './files'
import { importCommand } from './import'
import { labelsExportCommand, labelsImportCommand } from './labels'
import { modelExportCommand, modelInfoCommand, modelNewCommand } from './model'
import { predictCommand } from './predict'
import { auditVerifyCommand, newCommand } from './project'
import { serveCommand, type ServeLocalhost } from './serve'

/** Every command, in the order of --help. */
export function commands(serveLocalhost: ServeLocalhost): Command[] {
  return [
    newCommand,
    importCommand,
    serveCommand(serveLocalhost),
    predictCommand,
    labelsExportCommand,
    labelsImportCommand,
    auditVerifyCommand,
    inspectCommand,
    pixelsCommand,
    modelNewCommand,
    modelInfoCommand,
    modelExportCommand,
    demoMakeCommand,
    doctorCommand
  ]
}
