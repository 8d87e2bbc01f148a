import { useState } from "preact/hooks"
import type { Provider } from "../../bridge/models.js"
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
}

/** Nothing about whose device this is: a name, a button. The other way appears once the first has failed. */
export function LockView({ withPasskey, providers, failure, isWorking, onUnlock, onProvider }: Props) {
  const { app, lock } = words()
  const [isOther, setOther] = useState(false)
  const showsProviders = !withPasskey || isOther
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
        {showsProviders &&
          providers.map((provider, index) => (
            <button
              type="button"
              key={provider.id}
              class={!withPasskey && index === 0 ? "button button-primary" : "button button-outline"}
              disabled={isWorking}
              onClick={() => onProvider(provider)}
            >
              {lock.withProvider(provider.label)}
            </button>
          ))}
        {withPasskey && !isOther && failure !== null && providers.length > 0 && (
          <button type="button" class="button button-quiet" onClick={() => setOther(true)}>
            {lock.otherWay}
          </button>
        )}
      </div>
    </EntryView>
  )
}
