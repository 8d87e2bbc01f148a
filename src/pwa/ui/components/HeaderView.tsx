import type { ComponentChildren } from "preact"
import { words } from "../i18n/language.js"
import { IconView } from "./IconView.js"

type Props = { readonly title: string; readonly onBack?: (() => void) | undefined; readonly children?: ComponentChildren }

/** Title of a screen. The heading can take the focus, so that a new screen is read from its start. */
export function HeaderView({ title, onBack, children }: Props) {
  return (
    <header class={onBack === undefined ? "header header-main" : "header"}>
      {onBack && <BackView onBack={onBack} />}
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </header>
  )
}

export function BackView({ onBack }: { readonly onBack: () => void }) {
  return (
    <button type="button" class="icon-button back" aria-label={words().app.back} onClick={onBack}>
      <IconView name="back" />
    </button>
  )
}
