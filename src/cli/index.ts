export { runCommandLine, type CommandLineSettings } from './run-command-line'
