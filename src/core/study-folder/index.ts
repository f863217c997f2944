export { absolutePath, walkFolder, type FoundFile, type WalkOptions, type WalkProblem } from './walk-folder'
export { isTableFile, surveyFolder, type FolderSurvey } from './survey-folder'
