import { namespaces } from '../namespaces'
import common from './common.json'

export default { ...common, ...namespaces(import.meta.glob('./*.json', { eager: true, import: 'default' })) }
