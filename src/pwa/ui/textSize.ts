/** Text larger than the phone's own setting, which it multiplies. */
import { signal } from "@preact/signals"

const storedUnder = "lien.text-size"

/** In percent of what the phone or browser says. */
export const textSizes = [100, 115, 130] as const
export type TextSize = (typeof textSizes)[number]

export const textSize = signal<TextSize>(100)

function show(): void {
  document.documentElement.style.fontSize = textSize.value === 100 ? "" : `${textSize.value}%`
}

export function chooseTextSize(chosen: TextSize): void {
  textSize.value = chosen
  localStorage.setItem(storedUnder, String(chosen))
  show()
}

export function restoreTextSize(): void {
  const stored = Number(localStorage.getItem(storedUnder))
  textSize.value = textSizes.find((size) => size === stored) ?? 100
  show()
}
