/** Written by `npm run types` from the database. */
export interface Database {
	public: {
		Tables: {
			profiles: {
				Row: { id: string; full_name: string; phone: string | null; language: string; avatar_path: string | null };
				Insert: { id: string; full_name: string; phone?: string | null; language?: string; avatar_path?: string | null };
				Update: { full_name?: string; phone?: string | null; language?: string; avatar_path?: string | null };
				Relationships: [];
			};
		};
		Views: Record<never, never>;
		Functions: Record<never, never>;
		Enums: Record<never, never>;
		CompositeTypes: Record<never, never>;
	};
}
