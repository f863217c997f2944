/** What the process ends with. Stable: scripts rely on it. */
export const EXIT = {
  done: 0,
  /** The command failed; the error names file, field and remedy. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The command ran to its end, but refused some files or rows, or a check found something wrong. */
  findings: 3,
  /** Stopped by SIGINT or SIGTERM; what was saved stays, and an import can be resumed. */
  cancelled: 130
} as const

export const EXIT_HELP = `Exit codes: 0 done; 1 failed; 2 wrong command line; 3 done, but some files or rows were refused
or a check found something wrong; 130 cancelled.`
