import type { Professional } from "../../bridge/models.js"
import { EmptyView } from "../components/EmptyView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { SearchView } from "../components/SearchView.js"
import { words } from "../i18n/language.js"
import { isoDate } from "../i18n/times.js"
import type { DirectorySearch } from "./directorySearch.js"
import { keyOf } from "./names.js"
import { FoundView, ProfessionalLinesView } from "./FoundView.js"
import "./directory.css"

type Props = {
  readonly search: DirectorySearch
  readonly extractDate: string
  readonly selected: string | null
  readonly onOpen: (professional: Professional) => void
}

export function DirectoryView({ search, extractDate, selected, onOpen }: Props) {
  const { directory } = words()
  return (
    <>
      <HeaderView title={directory.title} />
      <div class="list-tools">
        <SearchView label={directory.label} placeholder={directory.search} value={search.query} onInput={search.type} />
      </div>
      <div class="scroll">
        <FoundView
          search={search}
          before={<EmptyView icon="directory" title={directory.explain} text={directory.hint} />}
          rowOf={(professional) => (
            <button type="button" class="row" aria-current={keyOf(professional) === selected ? "page" : undefined} onClick={() => onOpen(professional)}>
              <ProfessionalLinesView professional={professional} />
              <IconView name="open" />
            </button>
          )}
        />
        {extractDate !== "" && <p class="source">{directory.source(isoDate(extractDate))}</p>}
      </div>
    </>
  )
}
