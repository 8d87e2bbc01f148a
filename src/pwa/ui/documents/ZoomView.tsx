import { useEffect, useRef, useState } from "preact/hooks"
import type { ComponentChildren } from "preact"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"

const [least, most, step] = [1, 5, 1.25]
const within = (zoom: number) => Math.min(most, Math.max(least, zoom))

type Props = { readonly label: string; readonly children: (width: number) => ComponentChildren }

/** What is wider than the screen when enlarged: two fingers or the buttons, the same either way. */
export function ZoomView({ label, children }: Props) {
  const text = words().document
  const frame = useRef<HTMLDivElement>(null)
  const [fitted, setFitted] = useState(0)
  const [zoom, setZoom] = useState(1)
  useEffect(() => {
    const { current } = frame
    if (current === null) return
    const observer = new ResizeObserver(() => setFitted(current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  usePinch(frame, zoom, setZoom)
  const to = (next: number) => {
    const { current } = frame
    const ratio = within(next) / zoom
    setZoom(within(next))
    // The middle of what was read stays in the middle.
    if (current !== null) requestAnimationFrame(() => current.scrollBy(((ratio - 1) * current.clientWidth) / 2, 0))
  }
  return (
    <div class="zoom">
      <div ref={frame} class="zoom-frame" tabIndex={0} role="region" aria-label={label}>
        <div class="zoom-content">{fitted > 0 && children(Math.round(fitted * zoom))}</div>
      </div>
      <div class="zoom-buttons" role="group">
        <button type="button" class="icon-button" aria-label={text.zoomOut} disabled={zoom <= least} onClick={() => to(zoom / step)}>
          <IconView name="zoomOut" />
        </button>
        <button type="button" class="zoom-level time" aria-label={`${text.zoomLevel(Math.round(zoom * 100))}, ${text.fit}`} onClick={() => to(1)}>
          {text.zoomLevel(Math.round(zoom * 100))}
        </button>
        <button type="button" class="icon-button" aria-label={text.zoomIn} disabled={zoom >= most} onClick={() => to(zoom * step)}>
          <IconView name="zoomIn" />
        </button>
      </div>
    </div>
  )
}

/** Two fingers: scaled at once by the compositor, drawn again at the new size when they are lifted. */
function usePinch(frame: { readonly current: HTMLElement | null }, zoom: number, setZoom: (zoom: number) => void): void {
  const now = useRef(zoom)
  now.current = zoom
  useEffect(() => {
    const element = frame.current
    const content = element?.firstElementChild
    if (element === null || !(content instanceof HTMLElement)) return
    let from = 0
    let scale = 1
    const apart = ({ touches }: TouchEvent): number => {
      const [one, other] = [touches[0], touches[1]]
      return one === undefined || other === undefined ? 0 : Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)
    }
    const begin = (event: TouchEvent) => {
      from = event.touches.length === 2 ? apart(event) : 0
      scale = 1
    }
    const move = (event: TouchEvent) => {
      if (from === 0 || event.touches.length !== 2) return
      event.preventDefault()
      scale = within((now.current * apart(event)) / from) / now.current
      content.style.transform = `scale(${scale})`
    }
    const end = (event: TouchEvent) => {
      if (from === 0 || event.touches.length > 1) return
      from = 0
      content.style.transform = ""
      if (scale !== 1) setZoom(within(now.current * scale))
    }
    element.addEventListener("touchstart", begin, { passive: true })
    element.addEventListener("touchmove", move, { passive: false })
    element.addEventListener("touchend", end)
    element.addEventListener("touchcancel", end)
    return () => {
      element.removeEventListener("touchstart", begin)
      element.removeEventListener("touchmove", move)
      element.removeEventListener("touchend", end)
      element.removeEventListener("touchcancel", end)
    }
  }, [])
}
