import { containerizeIcon } from '../icons';

test('the icon follows the theme', () => {
  expect(containerizeIcon.svgstr).toContain('class="jp-icon3"');
});
