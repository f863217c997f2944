import { describe, expect, it } from 'vitest'
import { courseLines, spreadWords } from './course-lines'

/** BPD, ALS, Atelectasis, Normal, RDS, TTN */
const rds = [0, 0, 0.02, 0.03, 0.8, 0.15]
const ttn = [0, 0, 0.02, 0.13, 0.25, 0.6]
const normal = [0, 0, 0.02, 0.9, 0.03, 0.05]

describe('course of the probabilities', () => {
  it('draws the classes that matter at some time, through every film', () => {
    const lines = courseLines([10, 40, 90], [rds, ttn, normal])
    expect(lines.map(line => line.diagnosis)).toEqual(['Normal', 'RDS', 'TTN'])
    expect(lines[1]!.runs).toEqual([
      [
        { x: 10, probability: 0.8 },
        { x: 40, probability: 0.25 },
        { x: 90, probability: 0.03 }
      ]
    ])
  })

  it('breaks where a film has not been predicted, and passes over one of unknown age', () => {
    const [line] = courseLines([10, 40, 90, null, 120], [rds, null, rds, ttn, rds])
    expect(line!.runs.map(run => run.map(point => point.x))).toEqual([[10], [90, 120]])
    expect(line!.last.x).toBe(120)
  })

  it('draws nothing where nothing is known', () => {
    expect(courseLines([10, null], [null, rds])).toEqual([])
  })

  it('keeps words apart and inside', () => {
    expect(spreadWords([20, 21, 3], 10, 40)).toEqual([20, 30, 5])
    expect(spreadWords([38, 39], 10, 40)).toEqual([25, 35])
  })
})
