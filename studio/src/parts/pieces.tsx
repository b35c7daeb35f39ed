/** Text of a document or of an answer, in the pieces that the server sent: marked, never with offsets. */
import type { Piece } from "../api/types";

const WHY: Record<string, string> = {
  entity: "named here",
  evidence: "states the relation",
  strange: "not in the sources",
  supported: "in the sources",
};

export function Pieces({ pieces, onEntity }: { pieces: readonly Piece[]; onEntity?: (id: string) => void }) {
  return (
    <>
      {pieces.map((piece, i) =>
        !piece.mark ? (
          piece.text
        ) : (
          <mark key={i} class={piece.mark} title={piece.note || WHY[piece.mark]}>
            {piece.entity && onEntity ? (
              <button type="button" onClick={() => onEntity(piece.entity!)}>
                {piece.text}
              </button>
            ) : (
              piece.text
            )}
          </mark>
        ),
      )}
    </>
  );
}
