/** Child of project-database.test: opens the project named on its command line and holds it until it is killed. */
import { openProjectDatabase } from './project-database'

await openProjectDatabase({ folder: process.argv[2]!, mode: 'open' })
process.send!('open')
setInterval(() => {}, 1000)
