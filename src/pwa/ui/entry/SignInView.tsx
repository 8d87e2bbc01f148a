import type { Provider } from "../../bridge/models.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = {
  readonly providers: readonly Provider[]
  readonly error: string | null
  readonly canUsePasskeys: boolean
  readonly isWorking: boolean
  readonly onProvider: (provider: Provider) => void
  readonly onPasskey: () => void
  readonly onReload: () => void
}

export function SignInView({ providers, error, canUsePasskeys, isWorking, onProvider, onPasskey, onReload }: Props) {
  const { signIn, app } = words()
  return (
    <EntryView
      top={
        <>
          <MarkView large />
          <h1 tabIndex={-1}>{signIn.title}</h1>
          <p>{signIn.explain}</p>
        </>
      }
    >
      {error !== null && <NoticeView tone="urgent" text={explainCode(error)} />}
      <div class="entry-actions">
        {providers.length === 0 && (
          <>
            <NoticeView tone="attention" text={signIn.noProvider} />
            <button type="button" class="button button-primary" onClick={onReload}>
              {app.retry}
            </button>
          </>
        )}
        {providers.map((provider, index) => (
          <button
            type="button"
            key={provider.id}
            class={index === 0 ? "button button-primary" : "button button-outline"}
            disabled={isWorking}
            onClick={() => onProvider(provider)}
          >
            {signIn.with(provider.label)}
          </button>
        ))}
        {canUsePasskeys && (
          <>
            <p class="entry-aside">{signIn.passkeyHint}</p>
            <button type="button" class="button button-quiet" disabled={isWorking} onClick={onPasskey}>
              {signIn.passkey}
            </button>
          </>
        )}
      </div>
    </EntryView>
  )
}
