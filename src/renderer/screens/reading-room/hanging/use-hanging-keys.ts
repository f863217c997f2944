import { useKeys } from '../../../composables/keys'
import { FLICKER_RATES, useHanging } from '../../../stores/hanging'
import { useInfantSteps } from '../../../stores/infant-steps'
import { useNotices } from '../../../stores/notices'
import type { Flicker } from './use-flicker'

/** Radians per press: a quarter of a degree. */
const TURN_STEP = (0.25 * Math.PI) / 180

/** Hanging, linking, flicker and the way from infant to infant by keyboard. */
export function useHangingKeys(flicker: Flicker): void {
  const hanging = useHanging()
  const infants = useInfantSteps()
  const notices = useNotices()

  const showPrior = () => {
    const lacking = hanging.togglePrior()
    if (lacking) notices.show('info', `reading.prior.${lacking}`)
  }
  const film = (direction: -1 | 1) => () => {
    if (!hanging.step(direction))
      notices.show('info', direction < 0 ? 'reading.hang.firstFilm' : 'reading.hang.lastFilm')
  }
  const infant = (step: () => Promise<boolean>) => async () => {
    if (!(await step())) notices.show('info', 'reading.endOfInfants')
  }
  const rate = (by: -1 | 1) => () => {
    const next = FLICKER_RATES[FLICKER_RATES.indexOf(hanging.flickerRate as 1) + by]
    if (next !== undefined) hanging.flickerRate = next
  }
  /** Switches that have a button only where there are several panes say by a notice what they now are. */
  const tell = (what: 'View' | 'Window', on: boolean) => {
    if (hanging.paneCount === 1) notices.show('info', `reading.hang.link${what}${on ? 'On' : 'Off'}`)
  }

  useKeys('reading', {
    prior: showPrior,
    layout: () => hanging.nextLayout(),
    pane: () => hanging.nextPane(),
    readPane: () => hanging.readActive(),
    'film-earlier': film(-1),
    'film-later': film(1),
    linkView: () => tell('View', (hanging.viewLinked = !hanging.viewLinked)),
    linkWindow: () => tell('Window', (hanging.windowLinked = !hanging.windowLinked)),
    flicker: flicker.press,
    flickerAutomatic: () => void flicker.toggleAutomatic(),
    flickerSlower: rate(-1),
    flickerFaster: rate(1),
    align: () => void flicker.toggleAligning(),
    alignTurnLeft: () => void flicker.turn(-TURN_STEP),
    alignTurnRight: () => void flicker.turn(TURN_STEP),
    nextInfant: infant(infants.next),
    previousInfant: infant(infants.previous)
  })
}
