/** A number that may be left out. */
interface Numbered {
  name: string;
  value: number | null;
  none?: string;
  step?: string;
  onChange: (value: number | null) => void;
}

export function NumberField({ name, value, none = "", step = "1", onChange }: Numbered) {
  return (
    <label class="field">
      {name}
      <input
        type="number"
        aria-label={name}
        min={0}
        step={step}
        placeholder={none}
        value={value ?? ""}
        onInput={(event) => {
          const { value: typed } = event.currentTarget;
          onChange(typed === "" || !Number.isFinite(Number(typed)) ? null : Number(typed));
        }}
      />
    </label>
  );
}
