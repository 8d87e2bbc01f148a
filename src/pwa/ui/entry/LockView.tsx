import { useState } from "preact/hooks"
import type { Provider } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = {
  readonly withPasskey: boolean
  readonly providers: readonly Provider[]
  readonly failure: string | null
  readonly isWorking: boolean
  readonly onUnlock: () => void
  readonly onProvider: (provider: Provider) => void
  readonly onForget: () => Promise<void>
}

/**
 * Nothing about whose device this is: a name, a button. With express login nothing else opens what is kept here, so the
 * only other way, once it has failed, is to begin anew.
 */
export function LockView({ withPasskey, providers, failure, isWorking, onUnlock, onProvider, onForget }: Props) {
  const { app, lock, me } = words()
  const [isForgetting, setForgetting] = useState(false)
  return (
    <EntryView
      top={
        <>
          <MarkView large />
          <h1 tabIndex={-1}>
            {app.name}
            <span class="visually-hidden">{lock.title}</span>
          </h1>
        </>
      }
    >
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {withPasskey && (
          <button type="button" class="button button-primary" disabled={isWorking} onClick={onUnlock}>
            {isWorking && <span class="spinner" aria-hidden="true" />}
            {isWorking ? lock.working : lock.unlock}
          </button>
        )}
        {!withPasskey &&
          providers.map((provider, index) => (
            <button
              type="button"
              key={provider.id}
              class={index === 0 ? "button button-primary" : "button button-outline"}
              disabled={isWorking}
              onClick={() => onProvider(provider)}
            >
              {lock.withProvider(provider.label)}
            </button>
          ))}
        {withPasskey && failure !== null && (
          <button type="button" class="button button-quiet" disabled={isWorking} onClick={() => setForgetting(true)}>
            {lock.cannot}
          </button>
        )}
      </div>
      {isForgetting && (
        <ConfirmView title={me.forgetTitle} text={lock.forgetExplain} action={me.forget} onConfirm={onForget} onClose={() => setForgetting(false)} />
      )}
    </EntryView>
  )
}
