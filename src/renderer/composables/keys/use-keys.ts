import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import { keyRegistry } from './key-registry'
import type { KeyBinding, KeyScope } from './key-registry'

/**
 * Binds keys for as long as the component is on screen. They appear in the key sheet under their scope.
 *
 * @example useKeys('reading', [{ keys: 'I', description: 'reading.keys.invert', run: invert }])
 */
export function useKeys(scope: KeyScope, bindings: KeyBinding[]): void {
  let release: (() => void) | undefined
  const bind = () => (release ??= keyRegistry.register(scope, bindings))
  const unbind = () => {
    release?.()
    release = undefined
  }
  onMounted(bind)
  onActivated(bind)
  onDeactivated(unbind)
  onBeforeUnmount(unbind)
}
