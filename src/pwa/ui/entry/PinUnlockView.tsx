import { useEffect, useState } from "preact/hooks"
import type { PinAnswer } from "../../bridge/commands.js"
import { NoticeView } from "../components/NoticeView.js"
import { PIN_LENGTH, PinFieldView } from "../components/PinFieldView.js"
import { words } from "../i18n/language.js"
import { clockTime } from "../i18n/times.js"

type Props = {
  readonly isWorking: boolean
  /** What the last try came to. */
  readonly answer: PinAnswer | null
  /** What the button says; to open Lien unless it is something else. */
  readonly action?: string
  readonly onPin: (digits: string) => void
}

/** The sixth digit opens; the button is for whoever looks for one. During a pause nothing is typed in vain. */
export function PinUnlockView({ isWorking, answer, action, onPin }: Props) {
  const { lock, pin } = words()
  const [digits, setDigits] = useState("")
  const isPaused = usePause(answer?.waitMs ?? 0, answer)
  const isClosed = isWorking || isPaused
  const offer = (typed: string): void => {
    setDigits(typed.length < PIN_LENGTH ? typed : "")
    if (typed.length === PIN_LENGTH) onPin(typed)
  }
  return (
    <form
      class="entry-actions"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        offer(digits)
      }}
    >
      <PinFieldView id="pin" label={pin.field} value={digits} isDisabled={isClosed} takesFocus onInput={offer} />
      {answer !== null && !answer.isOpen && <AnswerView answer={answer} isPaused={isPaused} />}
      <button type="submit" class="button button-primary" disabled={isClosed || digits.length < PIN_LENGTH}>
        {isWorking && <span class="spinner" aria-hidden="true" />}
        {isWorking ? pin.opening : (action ?? lock.unlock)}
      </button>
    </form>
  )
}

function AnswerView({ answer: { left, waitMs }, isPaused }: { readonly answer: PinAnswer; readonly isPaused: boolean }) {
  const { pin } = words()
  // Said once, with the hour: a count that runs would be read out again and again.
  const [saidAtMs] = useState(Date.now)
  const text = waitMs === 0 ? pin.wrong(left) : isPaused ? pin.wait(minutesOf(waitMs), clockTime(saidAtMs + minutesOf(waitMs) * minuteMs), left) : pin.waited(left)
  return <NoticeView tone={left <= 3 ? "urgent" : "attention"} text={text} />
}

/** True for as long as an answer says to wait. */
function usePause(waitMs: number, answer: PinAnswer | null): boolean {
  const [over, setOver] = useState<PinAnswer | null>(null)
  useEffect(() => {
    if (waitMs === 0) return
    const timer = setTimeout(() => setOver(answer), waitMs)
    return () => clearTimeout(timer)
  }, [answer])
  return waitMs > 0 && over !== answer
}

const minuteMs = 60_000
const minutesOf = (waitMs: number): number => Math.ceil(waitMs / minuteMs)
