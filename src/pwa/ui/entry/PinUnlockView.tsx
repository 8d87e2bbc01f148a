import { useState } from "preact/hooks"
import type { PinAnswer } from "../../bridge/commands.js"
import { NoticeView } from "../components/NoticeView.js"
import { PIN_LENGTH, PinFieldView } from "../components/PinFieldView.js"
import { words } from "../i18n/language.js"

type Props = {
  readonly isWorking: boolean
  /** What the last try came to. */
  readonly answer: PinAnswer | null
  readonly onPin: (digits: string) => void
}

/** The sixth digit opens; the button is for whoever looks for one. */
export function PinUnlockView({ isWorking, answer, onPin }: Props) {
  const { lock, pin } = words()
  const [digits, setDigits] = useState("")
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
      <PinFieldView id="pin" label={pin.field} value={digits} isDisabled={isWorking} takesFocus onInput={offer} />
      {answer !== null && !answer.isOpen && (
        <NoticeView tone={answer.left <= 3 ? "urgent" : "attention"} text={answer.waitMs > 0 ? pin.wait(minutesOf(answer.waitMs), answer.left) : pin.wrong(answer.left)} />
      )}
      <button type="submit" class="button button-primary" disabled={isWorking || digits.length < PIN_LENGTH}>
        {isWorking && <span class="spinner" aria-hidden="true" />}
        {isWorking ? pin.opening : lock.unlock}
      </button>
    </form>
  )
}

const minutesOf = (waitMs: number): number => Math.ceil(waitMs / 60_000)
