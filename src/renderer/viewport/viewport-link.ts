import { matchDisplay } from './match-display'
import { registeredView, wholeOnWhole, type Registration } from './registration'
import type { Film } from './renderer'
import { fitView } from './view-transform'
import type { Viewport, ViewportState } from './viewport'

/** What the viewports of a layout do together. Read at every change. */
export interface LinkRules {
  /** Zoom and pan go together. */
  view: boolean
  /** Greys go together, by preset or by relative window. */
  window: boolean
  /** How two films lie on each other; null where they have not been aligned: then whole lies on whole. */
  registration(from: Film, to: Film): Registration | null
}

/** What a link needs of a viewport. */
export type Linked = Pick<Viewport, 'state' | 'subscribe' | 'adopt'>

/** Lets viewports follow each other. The one added first leads: what newly comes on screen takes after it. */
export class ViewportLink {
  readonly #members = new Map<Linked, ViewportState>()
  readonly #rules: LinkRules
  #busy = false

  constructor(rules: LinkRules) {
    this.#rules = rules
  }

  /** @returns takes the viewport out again */
  add(viewport: Linked): () => void {
    this.#members.set(viewport, viewport.state)
    const stop = viewport.subscribe(state => this.#onChange(viewport, state))
    return () => {
      stop()
      this.#members.delete(viewport)
    }
  }

  /** Changes what a viewport shows without the others following. */
  quietly(change: () => void): void {
    const before = this.#busy
    this.#busy = true
    try {
      change()
    } finally {
      this.#busy = before
    }
  }

  /** All others take after `leader` now, as when a link is switched on. */
  follow(leader: Linked): void {
    this.#lead(leader, true, true)
  }

  #onChange(viewport: Linked, state: ViewportState): void {
    const before = this.#members.get(viewport)
    this.#members.set(viewport, state)
    if (this.#busy || !before || !state.film) return
    const [leader] = this.#members.keys()
    if (state.film !== before.film) {
      if (viewport === leader) this.#lead(viewport, true, true)
      else if (leader?.state.film) this.#take(leader.state, viewport, true, true)
    } else if (state.frame !== before.frame) {
      // A layout that changes size moves every pane; each keeps to the leader, not to whichever came last.
      if (leader?.state.film) this.#lead(leader, true, false)
    } else
      this.#lead(
        viewport,
        state.view !== before.view,
        state.display !== before.display || state.preset !== before.preset
      )
  }

  #lead(leader: Linked, view: boolean, window: boolean): void {
    for (const member of this.#members.keys())
      if (member !== leader) this.#take(leader.state, member, view, window)
  }

  #take(from: ViewportState, follower: Linked, view: boolean, window: boolean): void {
    const { state } = follower
    if (!from.film || !state.film) return
    const taken: Partial<ViewportState> = {
      ...(view && this.#rules.view ? { view: this.#viewAfter(from, state) } : {}),
      ...(window && this.#rules.window ? matchDisplay(from.film, from, state.film) : {})
    }
    if (Object.keys(taken).length > 0) this.quietly(() => follower.adopt(taken))
  }

  /** Zoom and place only: each film keeps its own side up, and lies as it was exposed. */
  #viewAfter(from: ViewportState, to: ViewportState): ViewportState['view'] {
    const { rotation, tilt, flipped } = to.view
    if (from.view.fit) return fitView(to.view, to.frame)
    const registration = this.#rules.registration(from.film!, to.film!) ?? wholeOnWhole(from.frame, to.frame)
    return { ...registeredView(from.view, from.frame, to.frame, registration), rotation, tilt, flipped }
  }
}
