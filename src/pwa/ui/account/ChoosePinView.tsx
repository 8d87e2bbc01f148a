import { useState } from "preact/hooks"
import { NoticeView } from "../components/NoticeView.js"
import { PIN_LENGTH, PinFieldView } from "../components/PinFieldView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"

type Props = {
  readonly isWorking: boolean
  readonly failure: string | null
  readonly later: string
  readonly onChoose: (digits: string) => void
  /** Null where there is no going on without. */
  readonly onLater: (() => void) | null
}

/** Six digits, twice, so that a slip of the finger locks nobody out. */
export function ChoosePinView({ isWorking, failure, later, onChoose, onLater }: Props) {
  const { pin } = words()
  const [digits, setDigits] = useState("")
  const [again, setAgain] = useState("")
  const isWhole = digits.length === PIN_LENGTH && again.length === PIN_LENGTH
  const isSame = digits === again
  return (
    <form
      class="entry-actions"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole && isSame) onChoose(digits)
      }}
    >
      <PinFieldView id="pin-new" label={pin.choose} hint={pin.chooseHint} value={digits} isDisabled={isWorking} takesFocus onInput={setDigits} />
      <PinFieldView id="pin-again" label={pin.again} value={again} isDisabled={isWorking} onInput={setAgain} />
      {isWhole && !isSame ? (
        <NoticeView tone="attention" text={pin.different} />
      ) : (
        failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />
      )}
      <button type="submit" class="button button-primary" disabled={isWorking || !isWhole || !isSame}>
        {isWorking && <span class="spinner" aria-hidden="true" />}
        {isWorking ? pin.working : pin.keep}
      </button>
      {onLater !== null && (
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onLater}>
          {later}
        </button>
      )}
    </form>
  )
}
