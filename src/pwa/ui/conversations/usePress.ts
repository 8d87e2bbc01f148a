/** The two gestures of a bubble or a row: a long press, and a swipe to the right. Both have a button twin. */
import { useMemo, useRef } from "preact/hooks"

const pressMs = 450
const stillPx = 10
const swipePx = 56
const furthestPx = 72

type Start = { readonly held: HTMLElement; readonly x: number; readonly y: number; timer: ReturnType<typeof setTimeout>; isSwipe: boolean }

const wholeOf = ({ currentTarget }: Event): HTMLElement | null => (currentTarget instanceof HTMLElement ? currentTarget : null)

export type Gestures = {
  readonly onTouchStart: (event: TouchEvent) => void
  readonly onTouchMove: (event: TouchEvent) => void
  readonly onTouchEnd: (event: TouchEvent) => void
  readonly onTouchCancel: (event: TouchEvent) => void
  readonly onContextMenu: (event: MouseEvent) => void
}

type OnHeld = (held: HTMLElement) => void

/** `heldBy`: what of the element an event holds, null for nothing; a whole list listens once for all its lines. */
export function usePress(onPress: OnHeld, onSwipe: OnHeld, heldBy = wholeOf): Gestures {
  const calls = useRef({ onPress, onSwipe, heldBy })
  calls.current = { onPress, onSwipe, heldBy }
  const start = useRef<Start | null>(null)
  const isPressed = useRef(false)
  return useMemo(() => {
    const shift = ({ held }: Start, px: number) => {
      held.style.translate = px === 0 ? "" : `${px}px 0`
    }
    const end = (event: TouchEvent, isDone: boolean) => {
      const now = start.current
      start.current = null
      // The finger that goes up after a press or a swipe touches nothing.
      if ((isPressed.current || now?.isSwipe === true) && event.cancelable) event.preventDefault()
      isPressed.current = false
      if (now === null) return
      clearTimeout(now.timer)
      shift(now, 0)
      const moved = (event.changedTouches[0]?.clientX ?? now.x) - now.x
      if (isDone && now.isSwipe && moved >= swipePx) calls.current.onSwipe(now.held)
    }
    return {
      onTouchStart: (event) => {
        const touch = event.touches[0]
        if (touch === undefined || event.touches.length > 1) return
        isPressed.current = false
        const held = calls.current.heldBy(event)
        if (held === null) return
        const timer = setTimeout(() => {
          start.current = null
          isPressed.current = true
          calls.current.onPress(held)
        }, pressMs)
        start.current = { held, x: touch.clientX, y: touch.clientY, timer, isSwipe: false }
      },
      onTouchMove: (event) => {
        const [now, touch] = [start.current, event.touches[0]]
        if (now === null || touch === undefined) return
        const [across, along] = [touch.clientX - now.x, touch.clientY - now.y]
        if (Math.abs(across) < stillPx && Math.abs(along) < stillPx) return
        clearTimeout(now.timer)
        if (!now.isSwipe && Math.abs(along) > Math.abs(across)) {
          start.current = null
          return
        }
        now.isSwipe = true
        shift(now, Math.min(Math.max(across, 0), furthestPx))
      },
      onTouchEnd: (event) => end(event, true),
      onTouchCancel: (event) => end(event, false),
      onContextMenu: (event) => {
        // A long press on some systems, a right click on others: the same menu.
        const held = calls.current.heldBy(event)
        if (held === null) return
        event.preventDefault()
        if (start.current !== null) clearTimeout(start.current.timer)
        start.current = null
        calls.current.onPress(held)
      },
    }
  }, [])
}
