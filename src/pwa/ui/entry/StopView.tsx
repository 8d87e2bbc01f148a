import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = { readonly title: string; readonly text: string; readonly action: string; readonly onAction: () => void }

/** The end of the road for this page: what happened, what is safe, what to do. */
export function StopView({ title, text, action, onAction }: Props) {
  return (
    <EntryView
      top={
        <>
          <MarkView />
          <h1 tabIndex={-1}>{title}</h1>
          <p>{text}</p>
        </>
      }
    >
      <div class="entry-actions">
        <button type="button" class="button button-primary" onClick={onAction}>
          {action}
        </button>
      </div>
    </EntryView>
  )
}

/** While the store opens. Shows a word only to those who listen: it lasts a blink. */
export function SplashView() {
  return (
    <EntryView
      top={
        <>
          <MarkView large />
          <p class="visually-hidden" role="status">
            {words().app.loading}
          </p>
        </>
      }
    />
  )
}
