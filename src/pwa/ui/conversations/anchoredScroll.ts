/**
 * Keeps what is being read where it is. At the bottom it stays at the bottom; elsewhere the first visible message keeps
 * its place, whatever is added above, below, or finds its real height late. The browser's own anchoring is switched
 * off for the scroller, so that only one of the two corrects.
 */
const nearBottomPx = 48

type Anchor = { readonly key: string; readonly top: number }
/** `onResized`: everything may have another height, because the place for it has another width. */
type Told = { readonly onMoved: () => void; readonly onResized: () => void }

export class AnchoredScroll {
  private pinned = true
  private anchor: Anchor | null = null
  /** Where the scroller stood when the anchor was chosen or put back. */
  private stoodAt = 0
  private readonly observer: ResizeObserver

  constructor(
    private readonly scroller: HTMLElement,
    content: HTMLElement,
    private readonly list: HTMLElement,
    private readonly told: Told,
  ) {
    this.observer = new ResizeObserver((changes) => {
      if (changes.some(({ target }) => target === scroller)) told.onResized()
      // Who has moved since is told so by the scroll event to come, and is not put back.
      if (this.pinned || scroller.scrollTop === this.stoodAt) this.settle()
    })
    this.observer.observe(scroller)
    this.observer.observe(content)
    scroller.addEventListener("scroll", this.remember, { passive: true })
  }

  get isAtBottom(): boolean {
    return this.pinned
  }

  close(): void {
    this.observer.disconnect()
    this.scroller.removeEventListener("scroll", this.remember)
  }

  toBottom(): void {
    this.pinned = true
    this.anchor = null
    this.settle()
  }

  /** Starts reading at this line, a little below the top; at the bottom where everything below fits. */
  startAt(line: HTMLElement): void {
    const { scroller } = this
    scroller.scrollTop += line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 4
    this.remember()
  }

  /** Brings a line to the middle and points at it. */
  show(line: HTMLElement): void {
    const { scroller } = this
    scroller.scrollTop += line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 3
    this.remember()
    line.classList.remove("is-shown")
    requestAnimationFrame(() => line.classList.add("is-shown"))
  }

  /** After anything changed: put the reader back. */
  settle(): void {
    const { scroller } = this
    if (this.pinned) {
      scroller.scrollTop = scroller.scrollHeight
    } else {
      const { shift } = this
      if (Math.abs(shift) >= 0.5) scroller.scrollTop += shift
    }
    this.stoodAt = scroller.scrollTop
  }

  /** By how many pixels what is being read has gone down since it was remembered. */
  get shift(): number {
    const line = this.anchor === null ? null : this.lineOf(this.anchor.key)
    return this.anchor === null || line === null ? 0 : this.topOf(line) - this.anchor.top
  }

  private readonly remember = (): void => {
    const { scroller } = this
    this.stoodAt = scroller.scrollTop
    this.pinned = scroller.scrollHeight - this.stoodAt - scroller.clientHeight < nearBottomPx
    this.anchor = this.pinned ? null : this.firstVisible()
    this.told.onMoved()
  }

  private firstVisible(): Anchor | null {
    const top = this.scroller.getBoundingClientRect().top
    const lines = this.list.children
    let [low, high] = [0, lines.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((lines[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle
      else low = middle + 1
    }
    const line = lines[low]
    return line instanceof HTMLElement ? { key: line.dataset["key"] ?? "", top: this.topOf(line) } : null
  }

  lineOf(key: string): HTMLElement | null {
    return this.scroller.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  }

  private topOf(line: HTMLElement): number {
    return line.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top
  }
}
