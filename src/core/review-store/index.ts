export * from './types'
export { createReviewStore } from './review-store'
