/**
 * Functions of the schema `private`, which the API does not reach, that visitors and accounts may execute all the same,
 * because policies and the faces in `public` call them with their caller's rights. One that is named as its face is for
 * whom the face is for; these are the others. What is not named here is the database's own.
 */
export const helpers = {
	/** for policies and for the answers of faces */
	everyone: `attempt check_days check_reach check_request conversation_side count_call fail fold free_slots in_calendar is_member is_published
		managed_providers may may_listen me my_providers my_providers_even_suspended name_ok new_id one_of phone refused session_state visible`,
	/** behind two faces each, the demand for the second factor, and what the policies of accounts alone ask */
	accounts: `attempt_of_mine change_role folder_of has_opened providers_i_know reads_at_once request_start require_step_up
		services_i_know`
};
