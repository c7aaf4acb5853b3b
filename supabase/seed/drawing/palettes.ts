/** Colours of one picture, as hex strings. */
export interface Palette {
	/** the wall, its shaded side and its lightest tone */
	wall: string;
	shade: string;
	light: string;
	/** the three glazes of the tiles */
	tiles: [string, string, string];
	/** the main object, its shadow side and what stands out on it */
	main: string;
	deep: string;
	accent: string;
	/** metal or wood, with its highlight */
	metal: string;
	shine: string;
	ink: string;
	/** sky from top to horizon */
	sky: [string, string];
}

const palettes = {
	majorelle: {
		wall: '#e9eef6',
		shade: '#d3dcec',
		light: '#fbfcff',
		tiles: ['#2b4fb8', '#7fa6e8', '#f2b84b'],
		main: '#2b4fb8',
		deep: '#1c3583',
		accent: '#f2b84b',
		metal: '#c3ccd9',
		shine: '#eef2f8',
		ink: '#16223f',
		sky: ['#5f8fe0', '#f6dcb4']
	},
	terracotta: {
		wall: '#f3d9c4',
		shade: '#e6bfa1',
		light: '#fdf3ea',
		tiles: ['#b4532f', '#e39a66', '#1f6f6b'],
		main: '#b4532f',
		deep: '#83371c',
		accent: '#1f6f6b',
		metal: '#d9a962',
		shine: '#f6dda6',
		ink: '#3d1c10',
		sky: ['#e98f5e', '#fbe2bd']
	},
	mint: {
		wall: '#e1f1ea',
		shade: '#c3e0d3',
		light: '#f8fdfa',
		tiles: ['#0f7a62', '#74c3a5', '#f0c766'],
		main: '#0f7a62',
		deep: '#085140',
		accent: '#f0a03c',
		metal: '#d5b26a',
		shine: '#f7e5b4',
		ink: '#0b3129',
		sky: ['#6cc3b4', '#fdeccb']
	},
	saffron: {
		wall: '#fbe9c3',
		shade: '#f2d496',
		light: '#fff9ea',
		tiles: ['#d8901c', '#f4c869', '#24508c'],
		main: '#d8901c',
		deep: '#a2650b',
		accent: '#24508c',
		metal: '#b9c0c9',
		shine: '#eef1f5',
		ink: '#3b2605',
		sky: ['#f3b653', '#fff0cf']
	},
	rose: {
		wall: '#f8e0e0',
		shade: '#eec5c6',
		light: '#fff6f5',
		tiles: ['#b33f62', '#e79aae', '#2f7c74'],
		main: '#b33f62',
		deep: '#7f2542',
		accent: '#e8b04c',
		metal: '#dcae78',
		shine: '#f8e2bf',
		ink: '#401422',
		sky: ['#ee9aa4', '#fde4cf']
	},
	night: {
		wall: '#2a3d66',
		shade: '#1f2e50',
		light: '#41588a',
		tiles: ['#f0b44c', '#5779bd', '#e9e2d0'],
		main: '#f0b44c',
		deep: '#b97f20',
		accent: '#e2674a',
		metal: '#aebbd3',
		shine: '#e6ecf7',
		ink: '#101b33',
		sky: ['#22386b', '#e98b62']
	},
	olive: {
		wall: '#eceed8',
		shade: '#d7dbb6',
		light: '#fafbf0',
		tiles: ['#5c7a2e', '#a7bf6c', '#c4622d'],
		main: '#5c7a2e',
		deep: '#3d541b',
		accent: '#c4622d',
		metal: '#b98b58',
		shine: '#e3c296',
		ink: '#25310f',
		sky: ['#9cc6c0', '#f8ebc6']
	},
	lagoon: {
		wall: '#d9eef3',
		shade: '#b6dbe5',
		light: '#f5fcfe',
		tiles: ['#127291', '#69bfd3', '#f3946b'],
		main: '#127291',
		deep: '#094c63',
		accent: '#f3946b',
		metal: '#c4d0d8',
		shine: '#f1f6f9',
		ink: '#08303f',
		sky: ['#58b4d1', '#fdebd2']
	},
	plum: {
		wall: '#ece4f2',
		shade: '#d6c7e3',
		light: '#fbf8fd',
		tiles: ['#5f3a87', '#a98ac9', '#e6b04d'],
		main: '#5f3a87',
		deep: '#40245f',
		accent: '#e6b04d',
		metal: '#c7b8a0',
		shine: '#f0e6d3',
		ink: '#271439',
		sky: ['#9a7fc4', '#fbdccb']
	},
	cedar: {
		wall: '#efe2d0',
		shade: '#dec9ac',
		light: '#fcf7ef',
		tiles: ['#7a4a21', '#c99a63', '#2d6a5b'],
		main: '#a5672f',
		deep: '#6f4119',
		accent: '#2d6a5b',
		metal: '#c2c7c9',
		shine: '#eef1f1',
		ink: '#331d0a',
		sky: ['#d9a066', '#fbeed6']
	}
} satisfies Record<string, Palette>;

const byCategory: Record<string, (keyof typeof palettes)[]> = {
	plomberie: ['majorelle', 'lagoon', 'terracotta'],
	electricite: ['night', 'saffron', 'majorelle'],
	menage: ['mint', 'lagoon', 'rose'],
	climatisation: ['lagoon', 'majorelle', 'mint'],
	coiffure: ['plum', 'rose', 'night'],
	beaute: ['rose', 'terracotta', 'plum'],
	jardinage: ['olive', 'mint', 'terracotta'],
	peinture: ['saffron', 'terracotta', 'lagoon'],
	menuiserie: ['cedar', 'olive', 'saffron'],
	cours: ['majorelle', 'mint', 'saffron'],
	photographie: ['night', 'plum', 'terracotta'],
	informatique: ['lagoon', 'night', 'plum'],
	restaurant: ['terracotta', 'olive', 'saffron'],
	cinema: ['night', 'plum', 'majorelle'],
	formation: ['lagoon', 'saffron', 'mint']
};

/** The nth palette that suits a category (its slug); n may be any whole number. */
export function paletteOf(category: string, n: number): Palette {
	const names = byCategory[category];
	if (!names) throw new Error(`no palettes for category ${category}`);
	return palettes[names[n % names.length]!];
}
