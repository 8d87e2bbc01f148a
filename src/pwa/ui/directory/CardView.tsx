import type { ComponentChildren } from "preact"
import type { Professional, Verification } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import { fullName, modeName, professionOf, providerName } from "./names.js"
import "./directory.css"

type Props = {
  readonly professional: Professional
  /** Null: not verified; undefined: not asked, because this person is not on Lien. */
  readonly verification: Verification | null | undefined
  readonly isMe: boolean
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onBack: () => void
  readonly onWrite: () => void
  readonly onInvite: () => void
  readonly children?: ComponentChildren
}

/** Everything the directory publishes about a professional, and how their identity is known here. */
export function CardView({ professional, verification, isMe, isWorking, failure, onBack, onWrite, onInvite, children }: Props) {
  const { directory } = words()
  return (
    <>
      <HeaderView title={directory.cardTitle} onBack={onBack} />
      <div class="scroll card">
        <CardTopView professional={professional} />
        {failure !== null && <NoticeView tone="urgent" text={explainCode(failure)} />}
        {isMe ? (
          <p class="card-note">{directory.isYou}</p>
        ) : professional.account === null ? (
          <>
            <p class="card-note">{directory.cannotWrite}</p>
            <button type="button" class="button button-primary button-wide" onClick={onInvite}>
              <IconView name="add" />
              {directory.invite}
            </button>
          </>
        ) : (
          <button type="button" class="button button-primary button-wide" disabled={isWorking} onClick={onWrite}>
            <IconView name="write" />
            {directory.write}
          </button>
        )}
        {verification !== undefined && <VerificationView verification={verification} />}
        {children}
        <FactsView professional={professional} />
      </div>
    </>
  )
}

export function CardTopView({ professional }: { readonly professional: Professional }) {
  return (
    <div class="card-top">
      <AvatarView professional={professional} size="large" />
      <h2>{fullName(professional)}</h2>
      <p class="quiet">{professionOf(professional)}</p>
    </div>
  )
}

export function VerificationView({ verification }: { readonly verification: Verification | null }) {
  const { directory } = words()
  if (verification === null) {
    return (
      <div class="verification">
        <IconView name="doubt" />
        <div>
          <p class="verification-title">{directory.notVerified}</p>
          <p class="quiet">{directory.notVerifiedExplain}</p>
        </div>
      </div>
    )
  }
  const { sponsorship } = verification
  if (sponsorship !== undefined) {
    const { guests } = words()
    return (
      <div class="verification">
        <IconView name="group" />
        <div>
          <p class="verification-title">{guests.cardTitle}</p>
          <p class="quiet">{guests.cardText(sponsorship.sponsor, longDate(verification.verifiedAtMs), longDate(sponsorship.endsAtMs))}</p>
        </div>
      </div>
    )
  }
  return (
    <div class="verification is-verified">
      <IconView name="verified" />
      <div>
        <p class="verification-title">{directory.verifiedTitle}</p>
        <p class="quiet">{directory.verifiedOn(providerName(verification.provider), longDate(verification.verifiedAtMs))}</p>
      </div>
    </div>
  )
}

export function FactsView({ professional }: { readonly professional: Professional }) {
  const { directory } = words()
  return (
    <dl class="facts">
      {professional.specialities.length > 0 && (
        <div>
          <dt>{directory.specialities}</dt>
          {professional.specialities.map((speciality) => (
            <dd key={speciality}>{speciality}</dd>
          ))}
        </div>
      )}
      <div>
        <dt>{directory.places}</dt>
        {professional.activities.length === 0 && <dd class="quiet">{directory.noPlace}</dd>}
        {professional.activities.map((activity) => (
          <dd class="fact-place" key={`${activity.structure} ${activity.postcode} ${activity.mode}`}>
            <IconView name="place" small />
            <span>
              {activity.structure !== "" && <span class="fact-structure">{activity.structure}</span>}
              <span class="quiet">{[`${activity.postcode} ${activity.commune}`.trim(), modeName(activity.mode)].filter((part) => part !== "").join(words().profession.separator)}</span>
            </span>
          </dd>
        ))}
      </div>
      {professional.rpps !== "" && (
        <div>
          <dt>{directory.rpps}</dt>
          <dd class="time">{professional.rpps}</dd>
        </div>
      )}
    </dl>
  )
}
