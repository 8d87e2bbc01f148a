import { words } from "../i18n/language.js"

const months = [1, 3, 6, 12] as const
const dayMs = 86_400_000
/** The clock of the server may be a little behind. */
const marginMs = 60_000
const daysOf = (count: number) => (count === 12 ? 365 : count * 30)

/** When a stay of so many months from now ends, within the longest that is allowed. */
export const endAfter = (count: number, nowMs: number, longestDays: number): number => nowMs + Math.min(daysOf(count), longestDays) * dayMs - marginMs

/** The choices that are allowed; the shortest where even that is too long. */
export function durationsWithin(longestDays: number): readonly number[] {
  const allowed = months.filter((count) => daysOf(count) <= longestDays)
  return allowed.length > 0 ? allowed : months.slice(0, 1)
}

type Props = { readonly legend: string; readonly offered: readonly number[]; readonly chosen: number; readonly onChoose: (count: number) => void }

/** For how many months somebody is vouched for. */
export function DurationView({ legend, offered, chosen, onChoose }: Props) {
  const { guests: text } = words()
  return (
    <fieldset class="guest-options">
      <legend>{legend}</legend>
      <div class="segments">
        {offered.map((count) => (
          <label class="segment" key={count}>
            <input type="radio" name="guest-duration" checked={count === chosen} onChange={() => onChoose(count)} />
            {text.months(count)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
