/** The texts about what is selected, each unfolding in its place. */
import { api } from "../api/client";
import { GrowingList } from "../parts/more";
import { UnfoldingText } from "../texts/unfolding";

export function TextsAbout({ ids }: { ids: readonly string[] }) {
  return (
    <section class="section">
      <h3>Texts about {ids.length === 1 ? "it" : "all of them"}</h3>
      <GrowingList
        id={`texts ${ids.join(" ")}`}
        each={5}
        load={async (offset, limit) => {
          const { texts, total } = await api.texts({ entity: ids, offset, limit });
          return { rows: texts, total };
        }}
        row={(text) => <UnfoldingText key={text.id} text={text} />}
        none="None yet. Generate writes one."
      />
    </section>
  );
}
