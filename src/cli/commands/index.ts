import type { Command } from '../command'
import { agreementCommand } from './agreement'
import { demoMakeCommand } from './demo'
import { doctorCommand } from './doctor'
import { evaluateCommand } from './evaluate'
import {
  experimentListCommand,
  experimentResumeCommand,
  experimentShowCommand,
  experimentTable1Command,
  experimentTable2Command
} from './experiment'
import {
  explainGateCommand,
  explainNearestCommand,
  explainSaliencyCommand,
  explainSurfaceCommand,
  explainUncertaintyCommand
} from './explain'
import { inspectCommand, pixelsCommand } from './files'
import { importCommand } from './import'
import { labelsExportCommand, labelsImportCommand } from './labels'
import { modelExportCommand, modelInfoCommand, modelNewCommand } from './model'
import {
  modelCardCommand,
  modelCompareCommand,
  modelListCommand,
  modelPromoteCommand,
  modelRollbackCommand
} from './model-versions'
import { parityStepCommand } from './parity'
import { predictCommand } from './predict'
import { auditVerifyCommand, newCommand } from './project'
import {
  protocolBlindingCommand,
  protocolCloseCommand,
  protocolListCommand,
  protocolMakeCommand,
  protocolShowCommand,
  protocolTakeCommand,
  protocolUnblindCommand
} from './protocol'
import { queueAnswerCommand, queueListCommand, queueNextCommand } from './queue'
import { readerListCommand, readerSaveCommand } from './reader'
import { reportCommand } from './report'
import { splitCheckCommand, splitExportCommand, splitListCommand, splitMakeCommand } from './split'
import { serveCommand, type ServeLocalhost } from './serve'
import { labelsTagCommand } from './tags'
import { trainCommand, trainListCommand, trainResumeCommand } from './train'

/** Every command, in the order of --help. */
export function commands(serveLocalhost: ServeLocalhost): Command[] {
  return [
    newCommand,
    importCommand,
    serveCommand(serveLocalhost),
    predictCommand,
    labelsExportCommand,
    labelsImportCommand,
    labelsTagCommand,
    auditVerifyCommand,
    splitMakeCommand,
    splitCheckCommand,
    splitExportCommand,
    splitListCommand,
    queueListCommand,
    queueNextCommand,
    queueAnswerCommand,
    protocolMakeCommand,
    protocolListCommand,
    protocolShowCommand,
    protocolCloseCommand,
    protocolTakeCommand,
    protocolBlindingCommand,
    protocolUnblindCommand,
    readerListCommand,
    readerSaveCommand,
    agreementCommand,
    trainCommand,
    trainResumeCommand,
    trainListCommand,
    evaluateCommand,
    experimentTable1Command,
    experimentTable2Command,
    experimentShowCommand,
    experimentListCommand,
    experimentResumeCommand,
    reportCommand,
    explainGateCommand,
    explainSurfaceCommand,
    explainNearestCommand,
    explainUncertaintyCommand,
    explainSaliencyCommand,
    inspectCommand,
    pixelsCommand,
    modelNewCommand,
    modelInfoCommand,
    modelCardCommand,
    modelExportCommand,
    modelListCommand,
    modelPromoteCommand,
    modelRollbackCommand,
    modelCompareCommand,
    parityStepCommand,
    demoMakeCommand,
    doctorCommand
  ]
}
