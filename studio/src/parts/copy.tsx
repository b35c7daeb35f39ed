/** The command line that does the same as the page. */
import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../state/page";

interface Copied {
  command: string;
  /** Show the command, too. */
  line?: boolean;
  /** What is copied, where that is not what stands beside it. */
  what?: string;
  /** What stands on the button, where there is little room. */
  brief?: string;
}

export function CopyCommand({ command, line = false, what = "Copy as command", brief = what }: Copied) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  async function copy() {
    const done = await written(command);
    setCopied(done);
    announce(done ? `Copied: ${command}` : `The browser does not let the page copy. The command is: ${command}`);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
  }
  return (
    <>
      {line && <pre class="command">{command}</pre>}
      <button type="button" onClick={copy} disabled={!command} title={command} aria-label={what}>
        {copied ? "Copied" : brief}
      </button>
    </>
  );
}

/** Put a text on the clipboard; whether that could be done. */
export async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea"); // pages on another host than this have no clipboard
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
