/** Make SVG elements as `h` makes HTML ones. */

const SPACE = "http://www.w3.org/2000/svg";

type Props = Record<string, string | number>;

export function s(
  tag: string,
  props: Props = {},
  ...children: (Node | string)[]
): SVGElement {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(props)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}
