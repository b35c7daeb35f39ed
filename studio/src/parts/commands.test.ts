import { expect, it } from "vitest";
import { quoted } from "./commands";

it("quotes what a shell would take apart", () => {
  expect(quoted("handbook.kg")).toBe("handbook.kg");
  expect(quoted("Orla Finch")).toBe("'Orla Finch'");
  expect(quoted("it's; rm -rf $HOME")).toBe("'it'\\''s; rm -rf $HOME'");
  expect(quoted("")).toBe("''");
});
