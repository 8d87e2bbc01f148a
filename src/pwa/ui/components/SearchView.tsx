import { useRef } from "preact/hooks"
import { words } from "../i18n/language.js"
import { IconView } from "./IconView.js"

type Props = {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onInput: (value: string) => void
}

/** Names are typed here, so nothing is completed, corrected or remembered by the browser. */
export function SearchView({ label, placeholder, value, onInput }: Props) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div class="search" role="search">
      <IconView name="search" />
      <input
        ref={input}
        class="input"
        type="search"
        enterkeyhint="search"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="words"
        spellcheck={false}
        maxLength={64}
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {value !== "" && (
        <button
          type="button"
          class="icon-button"
          aria-label={words().app.clear}
          onClick={() => {
            onInput("")
            input.current?.focus()
          }}
        >
          <IconView name="close" />
        </button>
      )}
    </div>
  )
}
