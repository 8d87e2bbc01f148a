import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { Me } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import type { IconName } from "../components/icons.js"
import { NoticeView } from "../components/NoticeView.js"
import { CardTopView, VerificationView } from "../directory/CardView.js"
import { isGuest, structureOf } from "../directory/names.js"
import { explainCode } from "../i18n/failures.js"
import { languageNames, words, type Language } from "../i18n/language.js"
import { isoDate } from "../i18n/times.js"
import { chooseTextSize, textSize, textSizes } from "../textSize.js"
import type { Theme } from "../theme.js"
import { chooseLockDelay, delaysWithin, delayWithin } from "./lockDelay.js"
import { opensHere } from "./useAutoLock.js"
import type { Visibility } from "./visibility.js"
import "./me.css"

type Props = {
  readonly me: Me
  readonly language: Language
  readonly theme: Theme
  readonly version: string
  readonly extractDate: string
  readonly visibility: Visibility
  /** When this person can be counted on: rows of their own. */
  readonly availability: ComponentChildren
  readonly onExpress: () => void
  readonly onSituation: () => void
  readonly onGuests: () => void
  /** The establishment this person administers, "" for none. */
  readonly administered: string
  readonly onAdministration: () => void
  readonly onDevices: () => void
  readonly onRecovery: () => void
  readonly onActivity: () => void
  readonly onScreen: (kind: "notifications" | "know" | "help") => void
  readonly onClose: () => Promise<void>
  readonly onLanguage: (language: Language) => void
  readonly onTheme: (theme: Theme) => void
  readonly onLock: () => void
  readonly onSignOut: (forget: boolean) => Promise<void>
}

const languages: readonly (readonly [Language, string])[] = [
  ["fr", languageNames.fr],
  ["en", languageNames.en],
]

export function MeView(props: Props) {
  const { me } = props
  const text = words().me
  return (
    <>
      <HeaderView title={text.title} />
      <div class="scroll card">
        <section aria-label={text.myCard}>
          <CardTopView professional={me.person.professional} />
        </section>
        <VerificationView verification={me.person.verification} />
        <div class="sheet">
          {props.availability}
          {me.person.professional.rpps !== "" && (
            <LinkRowView icon="place" title={words().situation.row} line={structureOf(me.person.professional) || words().situation.none} onOpen={props.onSituation} />
          )}
          <LinkRowView icon="express" title={text.express} line={me.expressLogin ? text.expressOn : me.pin !== null ? words().pin.on : text.expressOff} onOpen={props.onExpress} />
          <LinkRowView icon="phone" title={text.devices} line={text.devicesHint} onOpen={props.onDevices} />
          {me.person.professional.rpps !== "" && <LinkRowView icon="key" title={words().recovery.title} line={words().recovery.hint} onOpen={props.onRecovery} />}
          {!isGuest(me.person.professional) && <LinkRowView icon="group" title={words().guests.row} line={words().guests.rowHint} onOpen={props.onGuests} />}
          {props.administered !== "" && <LinkRowView icon="structure" title={words().administration.row} line={props.administered} onOpen={props.onAdministration} />}
          <LinkRowView icon="retention" title={text.activity} line={text.activityHint} onOpen={props.onActivity} />
          <LinkRowView icon="bell" title={words().notifications.title} line={words().notifications.hint} onOpen={() => props.onScreen("notifications")} />
          <LinkRowView icon="know" title={words().know.title} line={words().know.hint} onOpen={() => props.onScreen("know")} />
          <LinkRowView icon="help" title={words().help.title} line={words().help.hint} onOpen={() => props.onScreen("help")} />
        </div>
        <SettingsView {...props} />
        <SessionView {...props} />
        <AboutView version={props.version} extractDate={props.extractDate} />
      </div>
    </>
  )
}

function LinkRowView({ icon, title, line, onOpen }: { readonly icon: IconName; readonly title: string; readonly line: string; readonly onOpen: () => void }) {
  return (
    <button type="button" class="row" onClick={onOpen}>
      <IconView name={icon} />
      <span class="row-body">
        <span class="row-title">{title}</span>
        <span class="row-line">{line}</span>
      </span>
      <IconView name="open" />
    </button>
  )
}

function SettingsView({ me, language, theme, visibility, onLanguage, onTheme }: Props) {
  const text = words().me
  const themes: readonly (readonly [Theme, string])[] = [
    ["auto", text.themeAuto],
    ["light", text.themeLight],
    ["dark", text.themeDark],
  ]
  return (
    <section class="sheet sheet-padded" aria-labelledby="settings-title">
      <h2 id="settings-title">{text.settings}</h2>
      <ChoiceView icon="language" name="language" title={text.language} options={languages} chosen={language} onChoose={onLanguage} />
      <ChoiceView icon="theme" name="theme" title={text.theme} options={themes} chosen={theme} onChoose={onTheme} />
      {opensHere(me) && <LockDelayView longestSeconds={me.lockSeconds} />}
      {visibility.hidden !== null && <VisibilityView {...visibility} hidden={visibility.hidden} isOfGuest={isGuest(me.person.professional)} />}
      <TextSizeView />
    </section>
  )
}

function TextSizeView() {
  const text = words().me
  return (
    <>
      <ChoiceView
        icon="text"
        name="text-size"
        title={text.textSize}
        options={textSizes.map((size) => [String(size), text.textSizes[size]] as const)}
        chosen={String(textSize.value)}
        onChoose={(value) => {
          const size = textSizes.find((one) => String(one) === value)
          if (size !== undefined) chooseTextSize(size)
        }}
      />
      <p class="row-line">{text.textSizeExplain}</p>
    </>
  )
}

function LockDelayView({ longestSeconds }: { readonly longestSeconds: number }) {
  const text = words().me
  const delays = delaysWithin(longestSeconds)
  return (
    <>
      <ChoiceView
        icon="lock"
        name="lock-delay"
        title={text.lockDelay}
        options={delays.map((delay) => [String(delay), text.delay(delay)] as const)}
        chosen={String(delayWithin(longestSeconds))}
        onChoose={(value) => {
          const delay = delays.find((one) => String(one) === value)
          if (delay !== undefined) chooseLockDelay(delay)
        }}
      />
      <p class="row-line">{text.lockDelayExplain}</p>
    </>
  )
}

function VisibilityView({ hidden, failure, choose, isOfGuest }: Visibility & { readonly hidden: boolean; readonly isOfGuest: boolean }) {
  const text = words().me
  const options: readonly (readonly ["visible" | "hidden", string])[] = [
    ["visible", text.visible],
    ["hidden", text.hidden],
  ]
  return (
    <>
      <ChoiceView
        icon="search"
        name="visibility"
        title={text.visibility}
        options={options}
        chosen={hidden ? "hidden" : "visible"}
        onChoose={(value) => choose(value === "hidden")}
      />
      <p class="row-line">{isOfGuest ? words().guests.hiddenExplain : text.visibilityExplain}</p>
      {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
    </>
  )
}

type ChoiceProps<Value extends string> = {
  readonly icon: IconName
  readonly name: string
  readonly title: string
  readonly options: readonly (readonly [Value, string])[]
  readonly chosen: Value
  readonly onChoose: (value: Value) => void
}

function ChoiceView<Value extends string>({ icon, name, title, options, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <div class="setting" role="radiogroup" aria-labelledby={`${name}-title`}>
      <p class="setting-title" id={`${name}-title`}>
        <IconView name={icon} />
        {title}
      </p>
      <div class="segments">
        {options.map(([value, label]) => (
          <label class="segment" key={value} lang={name === "language" ? value : undefined}>
            <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />
            {label}
          </label>
        ))}
      </div>
    </div>
  )
}

function SessionView({ me, onLock, onSignOut, onClose }: Props) {
  const text = words().me
  const [asked, setAsked] = useState<"sign-out" | "forget" | "close" | null>(null)
  return (
    <section class="sheet" aria-label={text.session}>
      <button type="button" class="row" onClick={onLock}>
        <IconView name="lock" />
        <span class="row-body">
          <span class="row-title">{text.lockNow}</span>
          {opensHere(me) && <span class="row-line">{text.lockHint(delayWithin(me.lockSeconds))}</span>}
        </span>
      </button>
      <button type="button" class="row" onClick={() => setAsked("sign-out")}>
        <IconView name="leave" />
        <span class="row-title">{text.signOut}</span>
      </button>
      <button type="button" class="row row-danger" onClick={() => setAsked("forget")}>
        <IconView name="forget" />
        <span class="row-title">{text.forget}</span>
      </button>
      <button type="button" class="row row-danger" onClick={() => setAsked("close")}>
        <IconView name="erase" />
        <span class="row-body">
          <span class="row-title">{text.closeAccount}</span>
          <span class="row-line">{text.closeAccountHint}</span>
        </span>
      </button>
      {asked === "sign-out" && (
        <ConfirmView title={text.signOutTitle} text={text.signOutExplain} action={text.signOut} onConfirm={() => onSignOut(false)} onClose={() => setAsked(null)} />
      )}
      {asked === "forget" && (
        <ConfirmView title={text.forgetTitle} text={text.forgetExplain} action={text.forget} onConfirm={() => onSignOut(true)} onClose={() => setAsked(null)} />
      )}
      {asked === "close" && (
        <ConfirmView title={text.closeTitle} text={text.closeExplain} action={text.closeAccount} onConfirm={onClose} onClose={() => setAsked(null)} />
      )}
    </section>
  )
}

function AboutView({ version, extractDate }: { readonly version: string; readonly extractDate: string }) {
  const text = words().me
  return (
    <section class="about" aria-label={text.about}>
      <p>{text.version(version)}</p>
      <p>{text.licence}</p>
      {extractDate !== "" && <p>{words().directory.source(isoDate(extractDate))}</p>}
    </section>
  )
}
