import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import type { ActionId, ActionName, KeyScope } from './actions'
import { keyRegistry, type KeyHandler } from './key-registry'

/**
 * Says what the actions of a scope (actions.ts) do, for as long as the component is on screen.
 *
 * @example useKeys('reading', { invert: () => viewport.invert() })
 */
export function useKeys<Scope extends KeyScope>(
  scope: Scope,
  handlers: Partial<Record<ActionName<Scope>, KeyHandler>>
): void {
  const named = Object.entries(handlers) as [string, KeyHandler][]
  const byId = named.map(([name, run]) => [`${scope}.${name}` as ActionId, run] as [ActionId, KeyHandler])
  let release: (() => void) | undefined
  const bind = () => (release ??= keyRegistry.register(byId))
  const unbind = () => {
    release?.()
    release = undefined
  }
  onMounted(bind)
  onActivated(bind)
  onDeactivated(unbind)
  onBeforeUnmount(unbind)
}
