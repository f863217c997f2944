export { absolutePath, walkFolder, type FoundFile, type WalkOptions, type WalkProblem } from './walk-folder'
export { isDocumentFile } from './document-file'
export { isTableFile, surveyFolder, type FolderSurvey } from './survey-folder'
