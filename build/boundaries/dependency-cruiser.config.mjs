import { cruiseOptions, forbidden } from './rules.mjs'

export default { forbidden, options: cruiseOptions }
