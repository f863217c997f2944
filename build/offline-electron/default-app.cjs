// The part of Electron's own default app that `electron PATH` needs: finds the folder named on the command line and
// runs its main file.
const { app } = require('electron')
const path = require('node:path')

const folder = path.resolve(process.argv.slice(1).find(argument => !argument.startsWith('-')) ?? '.')
const packageFile = require(path.join(folder, 'package.json'))
app.setName(packageFile.productName ?? packageFile.name)
app.setVersion(packageFile.version)
app.setAppPath(folder)
require(path.join(folder, packageFile.main))
