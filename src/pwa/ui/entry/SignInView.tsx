import type { Provider } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { languageNames, words, type Language } from "../i18n/language.js"
import { EntryView, MarkView } from "./EntryView.js"

type Props = {
  readonly providers: readonly Provider[]
  readonly error: string | null
  readonly canUsePasskeys: boolean
  readonly isWorking: boolean
  readonly language: Language
  readonly onLanguage: (language: Language) => void
  readonly onProvider: (provider: Provider) => void
  readonly onPasskey: () => void
  readonly onOther: () => void
  /** Nothing opens the account any more. */
  readonly onLost: () => void
  readonly onReload: () => void
}

export function SignInView({ providers, error, canUsePasskeys, isWorking, language, onLanguage, onProvider, onPasskey, onOther, onLost, onReload }: Props) {
  const { signIn, arrival, app } = words()
  const other = language === "fr" ? "en" : "fr"
  return (
    <EntryView
      top={
        <>
          <MarkView large />
          <h1 tabIndex={-1}>{signIn.title}</h1>
          <p>{signIn.explain}</p>
          <p class="entry-promise">
            <IconView name="verified" small />
            {signIn.privacy}
          </p>
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
        <p class="entry-aside">{signIn.passkeyHint}</p>
        {canUsePasskeys && (
          <button type="button" class="button button-quiet" disabled={isWorking} onClick={onPasskey}>
            {signIn.passkey}
          </button>
        )}
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onOther}>
          {arrival.offer}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onLost}>
          {signIn.lost}
        </button>
        <button type="button" class="button entry-language" lang={other} onClick={() => onLanguage(other)}>
          <IconView name="language" small />
          {languageNames[other]}
        </button>
      </div>
    </EntryView>
  )
}
