/** Documents and figures for print: drawings as SVG, PNG and in PDF. It knows nothing of what they show. */
export * from './blocks'
export * from './charts'
export * from './drawing'
export * from './fonts'
export * from './pdf'
export * from './png'
export * from './svg'
