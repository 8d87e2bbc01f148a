type Props = {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly isDisabled: boolean
  readonly takesFocus?: boolean
  readonly onInput: (digits: string) => void
}

export const PIN_LENGTH = 6

/** Six digits, hidden as they are typed. No password field: no browser offers to keep them. */
export function PinFieldView({ id, label, hint, value, isDisabled, takesFocus = false, onInput }: Props) {
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input input-pin"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        autoFocus={takesFocus}
        spellcheck={false}
        maxLength={PIN_LENGTH}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        value={value}
        disabled={isDisabled}
        onInput={(event) => {
          const digits = event.currentTarget.value.replaceAll(/[^0-9]/g, "").slice(0, PIN_LENGTH)
          event.currentTarget.value = digits
          onInput(digits)
        }}
      />
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
