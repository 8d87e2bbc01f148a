import type { Professional } from "../../bridge/models.js"
import { HeaderView } from "../components/HeaderView.js"
import { PassOnView } from "../components/PassOnView.js"
import { words } from "../i18n/language.js"
import { CardTopView } from "./CardView.js"
import { fullName } from "./names.js"

type Props = {
  readonly professional: Professional
  /** Where this deployment is entered. */
  readonly link: string
  readonly onBack: () => void
}

/**
 * Somebody of the directory who is not on Lien: their professional account lets them in, so the link is everyone's and
 * holds nothing about them, and neither the server nor anybody else learns that they were invited.
 */
export function InviteToLienView({ professional, link, onBack }: Props) {
  const { directory } = words()
  return (
    <>
      <HeaderView title={directory.invite} onBack={onBack} />
      <div class="scroll card">
        <CardTopView professional={professional} />
        <p>{directory.inviteExplain}</p>
        <p class="card-note">{directory.inviteMessage}</p>
        <PassOnView link={link} message={directory.inviteMessage} label={directory.inviteCode(fullName(professional))} />
        <p class="quiet">{directory.inviteUnsent}</p>
      </div>
    </>
  )
}
