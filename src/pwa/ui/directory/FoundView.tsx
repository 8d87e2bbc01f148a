import type { ComponentChildren } from "preact"
import type { Professional } from "../../bridge/models.js"
import { AvatarView } from "../components/AvatarView.js"
import { EmptyView } from "../components/EmptyView.js"
import { IconView } from "../components/IconView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { longDate } from "../i18n/times.js"
import type { DirectorySearch } from "./directorySearch.js"
import { fullName, keyOf, professionOf, structureOf, townOf } from "./names.js"

type Props = {
  readonly search: DirectorySearch
  /** Shown while nothing has been typed. */
  readonly before: ComponentChildren
  readonly rowOf: (professional: Professional) => ComponentChildren
}

/** What the directory answered: the same list wherever people are searched. */
export function FoundView({ search, before, rowOf }: Props) {
  const { directory, app } = words()
  const { found, query } = search
  switch (found.kind) {
    case "idle":
      return <>{before}</>
    case "failed":
      return <EmptyView icon={found.code === "offline" ? "offline" : "alert"} text={found.code === "offline" ? directory.offline : explainCode(found.code)} />
    case "searching":
    case "found": {
      if (found.kind === "searching" && found.professionals.length === 0) return <SkeletonRowsView label={directory.searching} />
      const next = found.kind === "found" ? found.next : null
      if (found.kind === "found" && found.professionals.length === 0) {
        return (
          <div role="status">
            <EmptyView icon="search" text={directory.none(query)} />
          </div>
        )
      }
      return (
        <>
          <p class="found-count" role="status">
            {directory.found(found.professionals.length, next !== null)}
          </p>
          <ul aria-label={directory.title} aria-busy={found.kind === "searching"}>
            {found.professionals.map((professional) => (
              <li key={keyOf(professional)}>{rowOf(professional)}</li>
            ))}
          </ul>
          {next !== null && (
            <button type="button" class="button button-quiet button-wide" onClick={search.showMore}>
              {app.showMore}
            </button>
          )}
        </>
      )
    }
  }
}

/** Name, profession, place, and whether they can be written to. */
export function ProfessionalLinesView({ professional, saysPresence = true }: { readonly professional: Professional; readonly saysPresence?: boolean }) {
  const { profession, guests } = words()
  const place = [structureOf(professional), townOf(professional)].filter((part) => part !== "").join(profession.separator)
  return (
    <>
      <AvatarView professional={professional} />
      <span class="row-body">
        <span class="row-title">{fullName(professional)}</span>
        <span class="row-line">{professionOf(professional)}</span>
        {professional.guest !== undefined && <span class="row-line">{guests.found(professional.guest.sponsor, longDate(professional.guest.endsAtMs))}</span>}
        {place !== "" && <span class="row-line">{place}</span>}
        {saysPresence && <PresenceView isOnLien={professional.account !== null} />}
      </span>
    </>
  )
}

function PresenceView({ isOnLien }: { readonly isOnLien: boolean }) {
  const { directory } = words()
  if (!isOnLien) return <span class="tag">{directory.notOnLien}</span>
  return (
    <span class="tag tag-good">
      <IconView name="check" small />
      {directory.onLien}
    </span>
  )
}
